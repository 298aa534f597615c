puts "before"
def broken(
