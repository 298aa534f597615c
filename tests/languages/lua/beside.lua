local helper = require("helper")
print(helper.greet("world"))
