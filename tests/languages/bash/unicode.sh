text="Grüße, 世界 🙂"
[[ ${#text} -eq 11 ]] && echo "$text"
