// The replay of requests on the ring: what #data-replay holds, drawn into #replay.
