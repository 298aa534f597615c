def fail_now
  raise ArgumentError, "boo"
end

puts "before"
fail_now
