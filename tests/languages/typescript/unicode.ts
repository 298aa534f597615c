console.log("Grüße, 世界 🙂");
