fn main() -> std::io::Result<()> {
    print!("{}", std::fs::read_to_string("given.txt")?);
    Ok(())
}
