use std::process::Command;
use std::thread;

fn main() {
    let threads: Vec<_> = (0..4).map(|i| thread::spawn(move || i)).collect();
    let sum: i32 = threads.into_iter().map(|t| t.join().unwrap()).sum();
    let out = Command::new("echo").arg("child").output().unwrap();
    print!("{} {}", sum, String::from_utf8(out.stdout).unwrap());
}
