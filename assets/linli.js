/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages are better with and do without: drafts of forms, rows added in place, a hint while an import runs. */
(function () {
  "use strict";
  function each(sel, root, fn) { Array.prototype.forEach.call(root.querySelectorAll(sel), fn); }

  /* Drafts: what was typed is kept in this browser until the form is sent. Personal fields are left out. */
  function draft(form) {
    var key = "draft:" + location.pathname;
    var fields = function () {
      return Array.prototype.filter.call(form.elements, function (f) {
        return f.name && f.name[0] !== "_" && f.type !== "file" && f.type !== "password" && !f.hasAttribute("data-personal");
      });
    };
    if (!form.hasAttribute("data-again")) {
      try {
        var old = JSON.parse(localStorage.getItem(key) || "null");
        if (old) fields().forEach(function (f) {
          if (!(f.name in old)) return;
          if (f.type === "radio" || f.type === "checkbox") f.checked = old[f.name].indexOf(f.value) >= 0;
          else if (!f.value) f.value = old[f.name][0];
        });
      } catch (e) { /* private mode */ }
    }
    form.addEventListener("input", function () {
      var now = {};
      fields().forEach(function (f) {
        if ((f.type === "radio" || f.type === "checkbox") && !f.checked) return;
        (now[f.name] = now[f.name] || []).push(f.value);
      });
      try { localStorage.setItem(key, JSON.stringify(now)); } catch (e) { /* full */ }
    });
    if (form.getAttribute("data-draft") === "keep") return; /* a report's texts stay until they are changed */
    form.addEventListener("submit", function () {
      try { localStorage.removeItem(key); } catch (e) { /* none */ }
    });
  }

  /* One more child row: the template row is copied, its number raised. */
  function rows(button) {
    button.addEventListener("click", function (ev) {
      var body = document.getElementById(button.getAttribute("data-rows"));
      var last = body.querySelector("tr:last-child");
      if (!last) return;
      ev.preventDefault();
      var n = body.querySelectorAll("tr").length + 1, copy = last.cloneNode(true);
      each("[name]", copy, function (f) {
        f.name = f.name.replace(/\.\d+\./, "." + n + ".");
        if (f.id) f.id = f.id.replace(/\.\d+\./, "." + n + ".");
        if (f.type === "radio" || f.type === "checkbox") f.checked = false; else f.value = "";
      });
      body.appendChild(copy);
      var first = copy.querySelector("input,select");
      if (first) first.focus();
    });
  }

  each("form[data-draft]", document, draft);
  each("button[data-rows]", document, rows);
  each("form[data-busy]", document, function (f) {
    f.addEventListener("submit", function () {
      /* After the form has been read: a disabled button is not sent. */
      setTimeout(function () {
        each("button", f, function (b) { b.disabled = true; });
        var p = document.createElement("p");
        p.setAttribute("role", "status");
        p.textContent = f.getAttribute("data-busy");
        f.appendChild(p);
      }, 0);
    });
  });
  /* Back again from the next page: what was disabled works. */
  window.addEventListener("pageshow", function (ev) {
    if (ev.persisted) each("form[data-busy] button", document, function (b) { b.disabled = false; });
  });
  each("select[data-go]", document, function (s) {
    s.addEventListener("change", function () { s.form.submit(); });
  });
})();
