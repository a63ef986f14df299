"""Reads the box's configuration file: YAML into the frozen `AgentConfig`, every mistake with its line and its cure."""

from edge_agent.settings.load import CONFIG_BYTES_MAX, LoadedConfig, load_config
from edge_agent.settings.refused import FAULTS_SHOWN_MAX, ConfigRefused

__all__ = ["CONFIG_BYTES_MAX", "FAULTS_SHOWN_MAX", "ConfigRefused", "LoadedConfig", "load_config"]
