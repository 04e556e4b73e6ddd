//! The binary carries `migrations/` and `sql/`: a file added or removed there must rebuild it too.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
    println!("cargo:rerun-if-changed=../sql");
}
