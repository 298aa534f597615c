mod helper;

fn main() {
    println!("{}", helper::greet("world"));
}
