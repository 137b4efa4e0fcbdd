//! The invented people, by number.

/// Somebody who works there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub name: String,
    /// The account that commits and reviews.
    pub login: String,
}

impl Person {
    /// The person with this number; 552 of them have names of their own.
    pub(super) fn numbered(number: usize) -> Person {
        let first = FIRST[number % FIRST.len()];
        let last = LAST[number % LAST.len()];
        Person {
            name: format!("{first} {last}"),
            login: format!("{}.{}", first.to_lowercase(), last.to_lowercase()),
        }
    }

    pub(super) fn email(&self) -> String {
        format!("{}@example.com", self.login)
    }
}

const FIRST: [&str; 24] = [
    "Mira", "Jonas", "Amara", "Tomas", "Leila", "Henrik", "Noor", "Oskar", "Ines", "Daniel",
    "Yuki", "Clara", "Samir", "Freya", "Mateo", "Hanna", "Ravi", "Elena", "Kofi", "Astrid", "Luca",
    "Zoe", "Emil", "Paula",
];

/// One fewer than the first names, so that the pairs come round late.
const LAST: [&str; 23] = [
    "Holm",
    "Adeyemi",
    "Brandt",
    "Castell",
    "Dahl",
    "Ekwall",
    "Farrow",
    "Grunwald",
    "Haddad",
    "Iversen",
    "Janda",
    "Keller",
    "Lindqvist",
    "Moreau",
    "Nakata",
    "Okafor",
    "Petrov",
    "Quill",
    "Rossi",
    "Sandoval",
    "Thorne",
    "Ueda",
    "Vance",
];
