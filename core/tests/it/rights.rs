//! The table of rights, printed: a change of rights shows in review (PT-279…PT-286).

use std::fmt::Write;

use opora_core::people::access::{Action, Role, Scope, scope};

/// PT-279, PT-280, PT-282, PT-283.
#[test]
fn the_table_of_rights_is_as_agreed() {
    let roles = [Role::Administrator, Role::Curator, Role::Citizen, Role::Stranger, Role::System];
    let mut table = String::new();
    for action in Action::ALL {
        let cells = roles.map(|role| match scope(role, action) {
            Scope::None => "·  ",
            Scope::Own => "own",
            Scope::All => "all",
        });
        writeln!(table, "{:20} {}", format!("{action:?}"), cells.join("  ")).unwrap();
    }
    insta::assert_snapshot!(format!("{:20} adm  cur  cit  str  sys\n{table}", ""));
}
