//! Each construct, as the form shows it.

use super::dump;

#[test]
fn optional_chains() {
    assert_eq!(
        dump("a?.b.c(); (a?.b).c; a?.b!.c;"),
        "\
(do (chain (call (. (. (? a) b) c))))
(do (. (chain (. (? a) b)) c))
(do (chain (. (. (? a) b) c)))
"
    );
}
