i=0
while [ "$i" -lt 250000 ]; do
	i=$((i + 1))
done
echo done
