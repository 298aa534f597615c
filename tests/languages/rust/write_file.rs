fn main() -> std::io::Result<()> {
    std::fs::write("made.txt", "written by the program\n")
}
