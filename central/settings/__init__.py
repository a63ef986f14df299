"""Central's settings: one YAML file, validated into a frozen model before anything starts."""

from central.settings.load import SettingsError, load_settings, notify_target, series_address
from central.settings.model import CentralSettings

__all__ = ["CentralSettings", "SettingsError", "load_settings", "notify_target", "series_address"]
