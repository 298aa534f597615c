io.open("made.txt", "w"):write("written by the program\n"):close()
