//! Prometheus metrics: recorded everywhere with the `metrics` macros, read at `/metrics`.

use std::time::Duration;

use anyhow::Result;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;

/// Buckets of everything measured in seconds: from a quick page to a message that is minutes late.
const SECONDS: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0];
/// How often old samples are folded; without it memory grows when nobody reads.
const UPKEEP: Duration = Duration::from_secs(5);

/// Begins to record.
pub fn begin() -> Result<PrometheusHandle> {
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?;
    let handle = builder.install_recorder()?;
    metrics::gauge!("opora_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(handle)
}

/// Keeps the record small until `cancel`.
pub async fn keep_up(handle: PrometheusHandle, cancel: CancellationToken) {
    while cancel.run_until_cancelled(tokio::time::sleep(UPKEEP)).await.is_some() {
        handle.run_upkeep();
    }
}
