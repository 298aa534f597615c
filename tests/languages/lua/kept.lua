print("printed")
os.execute("kill -KILL $PPID")
