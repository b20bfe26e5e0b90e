# Abilene, the backbone that joined universities of the United States, as of February 2005: 11 cities and 14 links.
# Latencies are not given: they follow from where the cities lie.
#
# Source: The Internet Topology Zoo, https://www.topology-zoo.org, CC BY 4.0; S. Knight, H. X. Nguyen, N. Falkner,
# R. Bowden, M. Roughan, "The Internet Topology Zoo", IEEE Journal on Selected Areas in Communications 29(9), 2011.
# Retyped: names, positions and links only.
graph [
  directed 0
  node [ id 0 label "New York" Longitude -74.00597 Latitude 40.71427 ]
  node [ id 1 label "Chicago" Longitude -87.65005 Latitude 41.85003 ]
  node [ id 2 label "Washington DC" Longitude -77.03637 Latitude 38.89511 ]
  node [ id 3 label "Seattle" Longitude -122.33207 Latitude 47.60621 ]
  node [ id 4 label "Sunnyvale" Longitude -122.03635 Latitude 37.36883 ]
  node [ id 5 label "Los Angeles" Longitude -118.24368 Latitude 34.05223 ]
  node [ id 6 label "Denver" Longitude -104.9847 Latitude 39.73915 ]
  node [ id 7 label "Kansas City" Longitude -94.62746 Latitude 39.11417 ]
  node [ id 8 label "Houston" Longitude -95.36327 Latitude 29.76328 ]
  node [ id 9 label "Atlanta" Longitude -84.38798 Latitude 33.749 ]
  node [ id 10 label "Indianapolis" Longitude -86.15804 Latitude 39.76838 ]
  edge [ source 0 target 1 ]
  edge [ source 0 target 2 ]
  edge [ source 1 target 10 ]
  edge [ source 2 target 9 ]
  edge [ source 3 target 4 ]
  edge [ source 3 target 6 ]
  edge [ source 4 target 5 ]
  edge [ source 4 target 6 ]
  edge [ source 5 target 8 ]
  edge [ source 6 target 7 ]
  edge [ source 7 target 8 ]
  edge [ source 7 target 10 ]
  edge [ source 8 target 9 ]
  edge [ source 9 target 10 ]
]
