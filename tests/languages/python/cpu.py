import time
while time.process_time() < 1:
    pass
print("done")
