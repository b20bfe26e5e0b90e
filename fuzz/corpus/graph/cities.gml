Creator "me"
graph [
  directed 0
  node [ id 0 label "A &amp; Z" Longitude 10.5 Latitude 60 pop 3 graphics [ x 1 y 2 ] ]
  node [ id 7 label "B" lon 8.25 lat 50 ]
  node [ id 3 ]
  edge [ source 0 target 7 latency "2738 us" ]
  edge [ source 7 target 3 ]
  edge [ source 3 target 3 ]
  edge [ source 0 target 3 ]
]
