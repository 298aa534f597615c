import subprocess, threading
sums = []
threads = [threading.Thread(target=sums.append, args=(i,)) for i in range(4)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sum(sums), subprocess.run(["echo", "child"], capture_output=True, text=True).stdout, end="")
