// The page of the API: one document of all services, shown by Swagger UI (a global of its own script).

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

const page = document.querySelector("#reference");

SwaggerUIBundle({
  url: "/docs/openapi.json",
  domNode: page,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true, // /docs#/orders/place_order
  docExpansion: "none", // the services first
  filter: true,
  defaultModelsExpandDepth: -1, // three hundred; each stands where it is used
  displayRequestDuration: true,
  persistAuthorization: false, // a token is gone with the page
  queryConfigEnabled: false, // no address makes this page read another document
  validatorUrl: null,
  withCredentials: false,
  onComplete: () => page.removeAttribute("aria-busy"),
});
