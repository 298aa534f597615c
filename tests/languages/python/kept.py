import os, signal
print("printed")
os.kill(os.getpid(), signal.SIGKILL)
