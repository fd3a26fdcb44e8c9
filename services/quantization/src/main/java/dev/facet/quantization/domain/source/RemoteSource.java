package dev.facet.quantization.domain.source;

/** A checkpoint on another host, to be fetched before it is imported. */
public sealed interface RemoteSource extends CheckpointSource permits HubSource, WebSource {}
