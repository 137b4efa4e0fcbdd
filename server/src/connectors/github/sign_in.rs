//! How GitHub is signed in to, in octocrab's words.

use octocrab::auth::AppAuth;
use octocrab::models::{AppId, InstallationId};
use octocrab::{AuthState, CachedToken, EncodingKey};
use secrecy::{ExposeSecret, SecretString};

use super::Failure;
use crate::connectors::SignIn;

/// Tokens of an installation are made by octocrab when they are needed, and kept while they last.
pub(super) fn state(sign_in: &SignIn) -> Result<AuthState, Failure> {
    Ok(match sign_in {
        SignIn::Token(token) => AuthState::AccessToken {
            token: token.clone(),
        },
        SignIn::App {
            app_id,
            installation_id,
            key,
        } => AuthState::Installation {
            app: app(*app_id, key)?,
            installation: InstallationId(*installation_id),
            token: CachedToken::default(),
            repositories: None,
            repository_ids: None,
        },
    })
}

/// As the app itself, which sees no repository; none of another sign-in.
pub(super) fn as_app(sign_in: &SignIn) -> Result<Option<AuthState>, Failure> {
    match sign_in {
        SignIn::Token(_) => Ok(None),
        SignIn::App { app_id, key, .. } => Ok(Some(AuthState::App(app(*app_id, key)?))),
    }
}

fn app(app_id: u64, key: &SecretString) -> Result<AppAuth, Failure> {
    let key = EncodingKey::from_rsa_pem(key.expose_secret().as_bytes()).map_err(|_| {
        Failure::ours(
            "the app’s private key is no RSA key in PEM; download it again from the app’s page",
        )
    })?;
    Ok(AppAuth {
        app_id: AppId(app_id),
        key,
    })
}
