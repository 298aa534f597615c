local _, _, status = os.execute("exit 6")
io.write(status, " ", io.popen("echo child"):read("a"))
