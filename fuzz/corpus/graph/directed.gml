graph [
  directed 1
  node [ id 0 x 1 y 5 ]
  node [ id 1 x 4 y 1 ]
  edge [ source 0 target 1 latency "7041 us" packet_loss 0.7 ]
  edge [ source 1 target 0 latency "2738 us" ]
  edge [ source 0 target 0 latency "1 ms" ]
]
