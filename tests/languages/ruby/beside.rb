require_relative "helper"
puts greet("world")
