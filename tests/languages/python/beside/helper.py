def greet(who):
    return "hello from beside, " + who
