echo "written by the program" >made.txt
