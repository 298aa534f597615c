puts "printed"
Process.kill(:KILL, Process.pid)
sleep
