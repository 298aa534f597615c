extern "C" {
    fn clock() -> i64;
}

fn main() {
    while unsafe { clock() } < 1_000_000 {}
    println!("done");
}
