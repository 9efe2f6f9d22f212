//! The command line explains itself.

use std::process::Command;

fn opora(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_opora")).args(arguments).env_clear().output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A command's help and that of the commands below it.
fn collect(path: &[&str], pages: &mut String) {
    let page = opora(&[path, &["--help"]].concat());
    pages.push_str(&format!("$ opora {}\n\n{page}\n\n", [path, &["--help"]].concat().join(" ")));
    let Some((_, list)) = page.split_once("Commands:\n") else { return };
    let commands = list.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next());
    let names = list.lines().take_while(|line| !line.is_empty()).filter(|line| !line.starts_with("     "));
    let known: Vec<&str> = names.filter_map(|line| line.split_whitespace().next()).collect();
    for command in commands.filter(|command| *command != "help" && known.contains(command)) {
        collect(&[path, &[command]].concat(), pages);
    }
}

#[test]
fn every_command_explains_itself() {
    let mut pages = String::new();
    collect(&[], &mut pages);
    for command in ["serve", "demo", "seed", "check", "admin reset-password", "bench burst"] {
        assert!(pages.contains(&format!("$ opora {command} --help")), "no help of {command}");
    }
    insta::assert_snapshot!(pages);
}
