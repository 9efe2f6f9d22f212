//! Dependencies point inwards, rooms stand on the rooms below them, and SQL lives in `store.rs`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The rooms of the core from the ground up; a room uses its own floor and those below.
const FLOORS: [&[&str]; 4] = [
    &["foundation"],
    &["words", "people", "audit", "settings", "App", "Signal", "Wake", "Work", "work", "on_backend"],
    &["messaging", "schedule", "files"],
    &["patronage"],
];

/// Statements that need one text for each database; every further one needs a reason.
const DIALECT_EXCEPTIONS_ALLOWED: usize = 12;

fn floor_of(room: &str) -> usize {
    let floor = FLOORS.iter().position(|rooms| rooms.contains(&room));
    floor.unwrap_or_else(|| panic!("{room} is a new room of the core: give it a floor here and in core/src/lib.rs"))
}

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(ROOT).join(folder);
    let mut found = Vec::new();
    collect(&root, &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| (path.strip_prefix(&root).unwrap().to_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect()
}

/// The source without comments.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The first names after `crate::`, also those in braces.
fn rooms_used(text: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            rooms.insert(first_name(rest));
            continue;
        };
        let (mut depth, mut begins) = (0, true);
        for (index, sign) in group.char_indices() {
            match sign {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => begins = true,
                sign if begins && !sign.is_whitespace() => {
                    rooms.insert(first_name(&group[index..]));
                    begins = false;
                }
                _ => {}
            }
        }
    }
    rooms
}

fn first_name(text: &str) -> String {
    text.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect()
}

/// Crate → all crates it is built on, without those only tests need.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--manifest-path"])
        .arg(format!("{ROOT}/Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name_of: BTreeMap<&str, &str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (package["id"].as_str().unwrap(), package["name"].as_str().unwrap()))
        .collect();
    let mut direct: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in metadata["resolve"]["nodes"].as_array().unwrap() {
        let needed =
            node["deps"].as_array().unwrap().iter().filter(|dependency| {
                dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"] != "dev")
            });
        direct.insert(node["id"].as_str().unwrap(), needed.map(|it| it["pkg"].as_str().unwrap()).collect());
    }
    let ours = name_of.iter().filter(|(_, name)| name.starts_with("opora"));
    ours.map(|(id, name)| ((*name).to_owned(), reached(id, &direct).iter().map(|id| name_of[id].to_owned()).collect()))
        .collect()
}

fn reached<'a>(from: &'a str, direct: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(id) = open.pop() {
        for next in &direct[id] {
            if seen.insert(*next) {
                open.push(next);
            }
        }
    }
    seen
}

#[test]
fn dependencies_point_inwards() {
    let of = dependencies();
    for outside in ["axum", "askama", "teloxide", "dptree", "opora-bot", "opora-panel"] {
        assert!(!of["opora-core"].contains(outside), "the core knows no {outside}");
    }
    assert!(of["opora-panel"].contains("opora-core") && !of["opora-panel"].contains("opora-bot"));
    assert!(of["opora-bot"].contains("opora-core") && !of["opora-bot"].contains("opora-panel"));
    assert!(!of["opora-panel"].contains("teloxide") && !of["opora-bot"].contains("askama"));
    for name in ["opora", "opora-core", "opora-bot", "opora-panel"] {
        assert!(!of[name].contains("opora-testkit"), "{name} must not carry the test kit");
    }
}

#[test]
fn one_tls_and_no_second_cryptography_is_built_in() {
    for foreign in ["openssl-sys", "native-tls", "aws-lc-sys"] {
        assert!(!dependencies()["opora"].contains(foreign), "{foreign} came in; see `cargo tree -i {foreign}`");
    }
}

#[test]
fn rooms_of_the_core_stand_on_the_rooms_below_them() {
    let mut wrong = Vec::new();
    for (path, text) in sources("core/src") {
        let first = path.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
        if first == "lib" {
            continue;
        }
        let used = rooms_used(&code(&text));
        let above = used.iter().filter(|room| floor_of(room) > floor_of(&first));
        wrong.extend(above.map(|room| format!("core/src/{} uses {room}", path.display())));
    }
    assert!(wrong.is_empty(), "a room uses a room above it:\n{}", wrong.join("\n"));
}

#[test]
fn sql_stands_only_in_store_files() {
    let mut wrong = Vec::new();
    for folder in ["core/src", "bot/src", "panel/src", "src"] {
        for (path, text) in sources(folder) {
            let name = path.file_name().unwrap().to_string_lossy();
            if name == "store.rs" || path.ends_with("foundation/db.rs") {
                continue;
            }
            let text = code(&text);
            for sign in ["sqlx::query", "query_as(", "query_scalar(", "QueryBuilder", "const SQL", "AssertSqlSafe"] {
                if text.contains(sign) {
                    wrong.push(format!("{folder}/{}: {sign}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "SQL outside of store.rs:\n{}", wrong.join("\n"));
}

#[test]
fn statements_that_differ_between_the_databases_are_few() {
    let mut found = Vec::new();
    for (path, text) in sources("core/src") {
        let count = code(&text).matches("Sql {").count();
        if count > 0 && !path.ends_with("foundation/db.rs") {
            found.push((path, count));
        }
    }
    let total: usize = found.iter().map(|(_, count)| count).sum();
    assert!(total <= DIALECT_EXCEPTIONS_ALLOWED, "{total} statements have two texts: {found:#?}");
}

#[test]
fn the_scan_of_imports_sees_groups_and_paths() {
    let text = "use crate::{\n    foundation::{db::Tx, ids},\n    people,\n};\nlet x = crate::audit::note();";
    let rooms: Vec<String> = rooms_used(text).into_iter().collect();
    assert_eq!(rooms, ["audit", "foundation", "people"]);
}
