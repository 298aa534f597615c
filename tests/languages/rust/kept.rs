extern "C" {
    fn raise(signal: i32) -> i32;
}

fn main() {
    println!("printed");
    unsafe { raise(9) };
}
