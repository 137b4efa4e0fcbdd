use super::*;
use crate::auth::SignedIn;
use crate::auth::secret::Secret;

fn person(role: Role) -> Caller {
    Caller::Person(SignedIn {
        email: "a@example.org".to_owned(),
        role,
        session: Secret::received("s"),
    })
}

fn token(scope: Scope) -> Caller {
    Caller::Token {
        name: "script".to_owned(),
        scope,
    }
}

#[test]
fn every_role_reads_every_page_and_no_token_does() {
    for page in ["/review", "/records/{metric}", "/definitions/{metric}"] {
        let who = who_may("GET", page).unwrap();
        assert!(Role::ALL.iter().all(|role| who.may(&person(*role))));
        assert!(!Scope::ALL.iter().any(|scope| who.may(&token(*scope))));
        assert!(!who.may(&Caller::Nobody));
    }
}

#[test]
fn records_are_sent_by_tokens_for_it_and_by_no_person() {
    assert!(SENDERS.may(&token(Scope::Ingest)) && SENDERS.may(&token(Scope::Operator)));
    assert!(!SENDERS.may(&token(Scope::Read)));
    assert!(!Role::ALL.iter().any(|role| SENDERS.may(&person(*role))));
}

#[test]
fn figures_are_read_by_people_and_by_tokens_for_it() {
    assert!(READERS.may(&token(Scope::Read)) && READERS.may(&token(Scope::Operator)));
    assert!(!READERS.may(&token(Scope::Ingest)) && !READERS.may(&Caller::Nobody));
    assert!(Role::ALL.iter().all(|role| READERS.may(&person(*role))));
}

#[test]
fn each_route_stands_in_the_table_once() {
    for (index, route) in ROUTES.iter().enumerate() {
        let same = |other: &Route| (other.method, other.path) == (route.method, route.path);
        assert_eq!(ROUTES.iter().position(same), Some(index), "{}", route.path);
    }
    assert_eq!(who_may("HEAD", "/review"), Some(PEOPLE));
    assert_eq!(who_may("POST", "/review"), None);
}

#[test]
fn who_is_needed_is_said_in_words() {
    assert_eq!(
        SENDERS.in_words(),
        "a token with the scope ingest or operator"
    );
    assert_eq!(PEOPLE.in_words(), "everyone who is signed in");
}

#[test]
fn a_wrong_word_names_the_right_ones() {
    let error = "boss".parse::<Role>().unwrap_err().to_string();
    assert_eq!(
        error,
        "\"boss\" is not a role; use executive, dri, finance or operator"
    );
}
