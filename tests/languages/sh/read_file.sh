cat given.txt
