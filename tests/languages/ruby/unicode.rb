puts "Grüße, 世界 🙂"
