with open("made.txt", "w") as f:
    f.write("written by the program\n")
