//! The files of the page. They are part of the program: nothing is built, and nothing comes from elsewhere.

/// Path, media type and content of each.
pub(super) const ASSETS: &[(&str, &str, &str)] = &[
    ("/", "text/html; charset=utf-8", include_str!("assets/index.html")),
    ("/page/style.css", "text/css; charset=utf-8", include_str!("assets/style.css")),
    ("/page/icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
    script("/page/app.js", include_str!("assets/app.js")),
    script("/page/api.js", include_str!("assets/api.js")),
    script("/page/dom.js", include_str!("assets/dom.js")),
    script("/page/format.js", include_str!("assets/format.js")),
    script("/page/stream.js", include_str!("assets/stream.js")),
    script("/page/fleet.js", include_str!("assets/fleet.js")),
    script("/page/store.js", include_str!("assets/store.js")),
    script("/page/thing.js", include_str!("assets/thing.js")),
    script("/page/table.js", include_str!("assets/table.js")),
    script("/page/gridx.js", include_str!("assets/gridx.js")),
    script("/page/greenlake.js", include_str!("assets/greenlake.js")),
    script("/page/nursa.js", include_str!("assets/nursa.js")),
    script("/page/events.js", include_str!("assets/events.js")),
    script("/page/detail.js", include_str!("assets/detail.js")),
    script("/page/health.js", include_str!("assets/health.js")),
    script("/page/plot.js", include_str!("assets/plot.js")),
];

const fn script(path: &'static str, text: &'static str) -> (&'static str, &'static str, &'static str) {
    (path, "text/javascript; charset=utf-8", text)
}
