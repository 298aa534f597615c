fn main() {
    println!("before");
    panic!("boo");
}
