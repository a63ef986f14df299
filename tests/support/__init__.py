"""What tests of every kind share: real peers, processes, ports, deadlines."""
