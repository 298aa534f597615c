while os.clock() < 1 do end
print("done")
