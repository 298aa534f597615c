File.write("made.txt", "written by the program\n")
