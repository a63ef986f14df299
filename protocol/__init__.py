"""The words that edge boxes and central share: identifiers, geometry, messages, topics, codec. No I/O."""
