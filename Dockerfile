# One image for every part of Dunlin: the gateway, the scheduler and the simulator differ by their command.
FROM node:24-bookworm-slim

WORKDIR /opt/dunlin
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund && npm cache clean --force
COPY bin bin
COPY shared shared
COPY hardware hardware
COPY gateway gateway
COPY scheduler scheduler
COPY LICENSE README.md ./

# The group `dialout` owns serial ports; nothing here needs root.
RUN useradd --system --home-dir /var/lib/dunlin --create-home --groups dialout dunlin
USER dunlin
VOLUME /var/lib/dunlin
EXPOSE 8025 8026
ENTRYPOINT ["node", "bin/dunlin.js"]
CMD ["gateway", "--config", "/etc/dunlin/dunlin.toml"]
