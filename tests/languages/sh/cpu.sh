i=0
while [ "$i" -lt 1200000 ]; do
	i=$((i + 1))
done
echo done
