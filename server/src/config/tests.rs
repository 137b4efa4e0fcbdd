use super::*;

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

fn load(flags: Settings, env: &[(&str, &str)], text: &str) -> Result<Config, Error> {
    let file = file(text);
    let env = |name: &str| {
        env.iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| (*value).to_owned())
    };
    Config::load(flags, Some(file.path().to_owned()), env)
}

#[test]
fn without_any_setting_it_stays_on_this_machine() {
    let config = load(Settings::default(), &[], "").unwrap();
    assert_eq!(config.database_url, "sqlite:data/onehop.db");
    assert_eq!(config.public_url(config.listen), "http://127.0.0.1:3000");
    assert_eq!(config.otlp_grpc_listen, None);
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let text = "database_url = 'sqlite:file.db'\nlisten = '127.0.0.1:1'\nbehind_proxy = true";
    let env = [
        ("ONEHOP_LISTEN", "127.0.0.1:2"),
        ("ONEHOP_DATABASE_URL", "sqlite:env.db"),
    ];
    let flags = Settings {
        listen: Some("localhost:3".to_owned()),
        ..Settings::default()
    };
    let config = load(flags, &env, text).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:3");
    assert_eq!(config.database_url, "sqlite:env.db");
    assert!(config.behind_proxy);
}

#[test]
fn bodies_are_kept_only_where_a_number_of_days_says_so() {
    let days = |env: &[(&str, &str)], text: &str| {
        load(Settings::default(), env, text).map(|config| config.keep_bodies_days)
    };
    assert_eq!(days(&[], ""), Ok(None));
    assert_eq!(days(&[], "keep_bodies_days = 30"), Ok(Some(30)));
    let none = [("ONEHOP_KEEP_BODIES_DAYS", "0")];
    assert_eq!(days(&none, "keep_bodies_days = 30"), Ok(None));
    let wrong = days(&[("ONEHOP_KEEP_BODIES_DAYS", "-1")], "").unwrap_err();
    assert!(wrong.to_string().contains("\"-1\" is no number of days"));
}

#[test]
fn an_unknown_key_is_refused_by_name() {
    let error = load(Settings::default(), &[], "databse = 'x'").unwrap_err();
    assert!(error.to_string().contains("`databse`"), "{error}");
}

#[test]
fn a_public_address_has_a_host_and_no_path() {
    for wrong in [
        "onehop.example.org",
        "https://",
        "https://a/b",
        "ftp://a",
        "https://u@a",
    ] {
        let env = [("ONEHOP_PUBLIC_URL", wrong)];
        assert!(load(Settings::default(), &env, "").is_err(), "{wrong}");
    }
    let env = [("ONEHOP_PUBLIC_URL", "https://Onehop.example.org/")];
    let config = load(Settings::default(), &env, "").unwrap();
    assert_eq!(
        config.public_url.as_deref(),
        Some("https://onehop.example.org")
    );
}

#[test]
fn the_database_password_is_not_shown() {
    let env = [("ONEHOP_DATABASE_URL", "postgres://me:s3cret@db/onehop")];
    let config = load(Settings::default(), &env, "").unwrap();
    assert!(!format!("{config:?}").contains("s3cret"));
}
