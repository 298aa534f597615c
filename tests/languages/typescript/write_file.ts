import { writeFileSync } from "fs";
writeFileSync("made.txt", "written by the program\n");
