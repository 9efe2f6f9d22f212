//! Dependencies point inwards, rooms stand on the rooms below them, and SQL lives in `store.rs`.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::Command,
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The rooms of the core from the ground up; a room uses its own floor and those below.
const FLOORS: [&[&str]; 4] = [
    &["foundation"],
    &["words", "people", "audit", "settings", "App", "Signal", "Wake", "Work", "work", "on_backend"],
    &["messaging", "schedule", "files"],
    &["patronage"],
];

/// Statements that need one text for each database; every further one needs a reason.
const DIALECT_EXCEPTIONS_ALLOWED: usize = 13;

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

/// All crates that `package` is built on, without those only tests need.
fn dependencies(package: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal,build", "--prefix", "none", "--format", "{lib}"])
        .args(["--package", package, "--manifest-path"])
        .arg(format!("{ROOT}/Cargo.toml"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: BTreeSet<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert!(found.len() > 20, "{package} is built on {found:?} only?");
    found
}

#[test]
fn dependencies_point_inwards() {
    let (core, bot, panel) = (dependencies("opora-core"), dependencies("opora-bot"), dependencies("opora-panel"));
    for outside in ["axum", "askama", "teloxide", "dptree", "opora_bot", "opora_panel"] {
        assert!(!core.contains(outside), "the core knows no {outside}");
    }
    assert!(bot.contains("opora_core") && bot.contains("teloxide") && !bot.contains("opora_panel"));
    assert!(panel.contains("opora_core") && panel.contains("askama") && !panel.contains("opora_bot"));
    assert!(!panel.contains("teloxide") && !bot.contains("askama"));
}

#[test]
fn the_program_carries_no_test_kit_and_one_cryptography() {
    let program = dependencies("opora");
    for foreign in ["opora_testkit", "openssl_sys", "native_tls", "aws_lc_sys", "aws_lc_rs"] {
        assert!(!program.contains(foreign), "{foreign} came in; see `cargo tree -i`");
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
