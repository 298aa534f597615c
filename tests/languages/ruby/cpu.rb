while Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) < 1
end
puts "done"
