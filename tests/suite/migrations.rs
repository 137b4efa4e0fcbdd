//! The schema: the same on both engines, and such that PostgreSQL can spread the big tables.

use std::collections::BTreeSet;

use tests::database::{Database, on_each_engine};
use tests::{repository, schema};

fn names(engine: &str) -> BTreeSet<String> {
    let folder = format!("migrations/{engine}");
    let files = repository::files(&folder, &[".sql"]);
    files
        .iter()
        .map(|path| path.rsplit('/').next().unwrap().to_owned())
        .collect()
}

#[test]
fn both_engines_have_the_same_migrations() {
    let sqlite = names("sqlite");
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, names("postgres"));
}

#[test]
fn migrations_are_numbered_from_one_without_a_gap() {
    for (at, name) in names("sqlite").iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}_", at + 1)), "{name}");
    }
}

#[tokio::test]
async fn both_engines_end_with_the_same_tables() {
    let Some(postgres) = Database::postgres().await else {
        println!("only SQLite is here: nothing to compare it with");
        return;
    };
    let sqlite = schema::tables(&Database::sqlite().open().await).await;
    let postgres = schema::tables(&postgres.open().await).await;
    assert_eq!(
        sqlite.keys().collect::<Vec<_>>(),
        postgres.keys().collect::<Vec<_>>()
    );
    for (name, table) in &sqlite {
        assert_eq!(table, &postgres[name], "{name}");
    }
}

/// The big tables, and the column by which they are spread.
const DISTRIBUTED: [(&str, &str); 6] = [
    ("changes", "service"),
    ("reviews", "change_id"),
    ("deployments", "service"),
    ("incidents", "service"),
    ("defects", "service"),
    ("change_links", "service"),
];

#[tokio::test]
async fn big_tables_have_their_distribution_column_in_the_primary_key_and_in_unique_indexes() {
    on_each_engine(async |db| {
        let tables = schema::tables(&db).await;
        for (table, column) in DISTRIBUTED {
            let table = &tables[table];
            assert!(table.key.iter().any(|key| key == column), "{:?}", table.key);
            assert!(!table.columns[column].nullable);
            let unique = table.indexes.values().filter(|index| index.unique);
            assert!(
                unique
                    .flat_map(|index| &index.columns)
                    .all(|name| name == column)
            );
        }
    })
    .await;
}

#[tokio::test]
async fn every_table_has_a_primary_key_and_none_refers_to_another() {
    on_each_engine(async |db| {
        for (name, table) in schema::tables(&db).await {
            assert!(!table.key.is_empty(), "{name} has no primary key");
            assert_eq!(table.foreign_keys, 0, "{name} refers to another table");
        }
    })
    .await;
}

#[tokio::test]
async fn opening_a_database_again_changes_nothing() {
    for database in Database::on_each_engine().await {
        let before = schema::tables(&database.open().await).await;
        assert_eq!(before, schema::tables(&database.open().await).await);
    }
}
